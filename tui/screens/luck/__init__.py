"""The luck screen: many networks at once, which differ in their seeds, and in how they begin, how deep they are, or how
fast they learn."""
