"""The panels of the training screen: each draws one view of the training."""
