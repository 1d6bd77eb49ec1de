"""What makes the web app installable and useful without a network."""
