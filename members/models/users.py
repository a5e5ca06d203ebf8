from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person who may sign in with `email`; without a password, only by a code sent to it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: someone who may sign in, known by an e-mail address. What they may do comes from dated mandates."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default="es",
        help_text=_("The language in which the portal writes to this person."),
    )
    is_staff = models.BooleanField(_("works in the Secretariat"), default=False, help_text=_("May open this administration."))
    is_active = models.BooleanField(_("may sign in"), default=True, help_text=_("Unmark it instead of deleting the account."))
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    warned_on = models.DateField(_("told that it is not used"), null=True, blank=True, editable=False)
    locked_on = models.DateField(
        _("locked on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("It was not used for a long time. Its owner can ask for it."),
    )
    desk_seen_at = models.DateTimeField(_("last visit to the administration"), null=True, blank=True, editable=False)
    desk_seen_before = models.DateTimeField(_("visit to the administration before that"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    standings = None  # where there is a request: what it remembers of members.models.standing
    acts_for = None  # the membership chosen in this session, by those who speak for several (rifess.middleware)
    second_factor = False  # of the session, which the middleware looks at in each request; never stored

    objects = UserManager()

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message=_("There is already an account with this email address."),
            )
        ]

    def __str__(self):
        return self.email

    def get_full_name(self):
        return self.name or self.email

    def get_short_name(self):
        return self.name or self.email

    # Permissions are the secretariat's: at every door only while somebody works there, in a session with a second factor.

    @property
    def is_at_the_desk(self):
        """Whether this session may do what the secretariat's groups may."""
        return self.is_staff and self.second_factor

    def has_perm(self, perm, obj=None):
        return self.is_at_the_desk and super().has_perm(perm, obj)

    def has_module_perms(self, app_label):
        return self.is_at_the_desk and super().has_module_perms(app_label)

    def get_user_permissions(self, obj=None):
        return super().get_user_permissions(obj) if self.is_at_the_desk else set()

    def get_group_permissions(self, obj=None):
        return super().get_group_permissions(obj) if self.is_at_the_desk else set()

    def get_all_permissions(self, obj=None):
        return super().get_all_permissions(obj) if self.is_at_the_desk else set()
