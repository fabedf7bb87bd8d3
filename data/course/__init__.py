"""The course: its chapters, one TOML file each, and how far a person has come."""
