"""Makes points: each set from its seed, how many points, and the noise."""
