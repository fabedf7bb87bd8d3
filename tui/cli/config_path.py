"""Where the configuration file is."""

from pathlib import Path

from platformdirs import user_config_path


def find_config() -> Path:
    """Return the path of the configuration file, whether there is one or not."""
    return user_config_path("gradstep") / "config.toml"
