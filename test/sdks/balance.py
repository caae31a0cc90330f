# How guides begin with the Python SDK: python3 balance.py HOST PORT. Prints what is available.
import sys

import stripe

stripe.api_key = "sk_test_sdks"
host, port = sys.argv[1:]
stripe.api_base = f"http://{host}:{port}"

balance = stripe.Balance.retrieve()
print(balance["available"])
