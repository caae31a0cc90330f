# The story by the Python SDK that Debian packages: python3 story.py HOST PORT. Prints what it was told, as JSON.
import json
import sys

import stripe

host, port = sys.argv[1:]
stripe.api_base = f"http://{host}:{port}"
stripe.api_key = "sk_test_sdks"
stripe.enable_telemetry = False

card = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}, "confirm": True}
account = stripe.Account.retrieve()
balance = stripe.Balance.retrieve()
customer = stripe.Customer.create(email="ada@shop.test", metadata={"order": "6735"})
known = stripe.Customer.retrieve(customer.id)
order = {"amount": 2000, "currency": "eur", "customer": customer.id, **card}
payment = stripe.PaymentIntent.create(**order, payment_method="pm_card_visa")
try:
    stripe.PaymentIntent.create(**order, payment_method="pm_card_chargeDeclinedInsufficientFunds")
    declined = None
except stripe.error.CardError as error:
    declined = [error.http_status, error.error.type, error.code, error.error.decline_code]
refund = stripe.Refund.create(payment_intent=payment.id, amount=500)

told = {
    "account": [account.charges_enabled, account.country, account.default_currency],
    "balance": balance.object,
    "customer": [known.email, known.metadata.order],
    "payment": [payment.status, payment.amount_received],
    "declined": declined,
    "refund": [refund.status, refund.amount],
}
print(json.dumps(told))
