"""Words of Django and django-allauth that the portal says in its own way in French and Spanish.

Their Spanish is formal where ours is not, and some of their terms differ from ours. Only scripts/messages reads this.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

# Forms
_("Enter a valid value.")
_("Enter a valid URL.")
_("Enter a valid email address.")
_("Enter a whole number.")
_("Enter a valid date.")
_("Enter a valid time.")
_("Enter a list of values.")
_("Select a valid choice. That choice is not one of the available choices.")
_("Select a valid choice. %(value)s is not one of the available choices.")
_("No file was submitted.")
_("The submitted file is empty.")
ngettext(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    2,
)

# Passwords
_("Your password can’t be too similar to your other personal information.")
_("Your password can’t be a commonly used password.")
ngettext(
    "Your password must contain at least %(min_length)d character.",
    "Your password must contain at least %(min_length)d characters.",
    2,
)
_("Forgot your password?")
_("You must type the same password each time.")
_("Please type your current password.")
_("Password successfully changed.")
_("Password successfully set.")

# Signing in and up
_("Email")
_("A user is already registered with this email address.")
_("The email address and/or password you specified are not correct.")
_("Too many failed login attempts. Try again later.")
_("Be patient, you are sending too many requests.")
_("Successfully signed in as %(name)s.")
_("You have signed out.")

# Addresses
_("Confirmation email sent to %(email)s.")
_("You have confirmed %(email)s.")
_("Unable to confirm %(email)s because it is already confirmed by a different account.")
_("Removed email address %(email)s.")
_("Your primary email address must be verified.")

# Second step
_("Authenticator code")
_("Passkey")
_("Passwordless")
_(
    "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements "
    "such as biometrics or PIN protection."
)
_("Use your password")
_("Use authenticator app or code")
_("Use a security key")
_("Authenticator app activated.")
_("Authenticator app deactivated.")
_("A new set of recovery codes has been generated.")
_("Security key added.")
_("Security key removed.")
_("You cannot add an email address to an account protected by two-factor authentication.")
_("You cannot activate two-factor authentication until you have verified your email address.")

# The desk
_("Welcome,")
_("Select %s to change")
_("None available")
ngettext("Please correct the error below.", "Please correct the errors below.", 2)
