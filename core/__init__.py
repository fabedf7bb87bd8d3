"""The network, its training and the record of how an update comes about. numpy only."""
