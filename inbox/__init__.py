"""What a person is told: reminders of occasions, and the notifications under the bell."""
