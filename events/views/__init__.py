"""What visitors and those who take part see."""
