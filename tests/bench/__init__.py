"""Measurements, printed and never judged: `make bench`. They are no tests, and tests do not wait for them."""
