"""What is done to weights around the loss. Each trick names the setting at which it does nothing."""
