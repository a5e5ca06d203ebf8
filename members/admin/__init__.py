"""This room at the secretariat's desk, a module for each subject."""

from members.admin import applications, enquiries, invitations, mandates, messages, network, people

__all__ = ["applications", "enquiries", "invitations", "mandates", "messages", "network", "people"]
