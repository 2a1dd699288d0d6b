"""Say whether OpenSSL takes a certificate, with its chain and its key, as Nginx will ask it to.

python3 loads.py CHAIN KEY
"""

import ssl
import sys

try:
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*sys.argv[1:])
except OSError as error:
    sys.exit(f"{sys.argv[1]}: Nginx could not load it: {error}")
