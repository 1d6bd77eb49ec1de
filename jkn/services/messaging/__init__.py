"""What people are told: notifications, SMS and e-mail, and their delivery."""
