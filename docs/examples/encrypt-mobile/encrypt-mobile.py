# pip install cryptography; python3 encrypt-mobile.py KEY MOBILE
import base64, os, sys
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

key, mobile = base64.b64decode(sys.argv[1]), sys.argv[2].encode()
iv = os.urandom(16)
padder = PKCS7(128).padder()
padded = padder.update(mobile) + padder.finalize()
encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
sent = iv + encryptor.update(padded) + encryptor.finalize()
sys.stdout.write(base64.b64encode(sent).decode())
