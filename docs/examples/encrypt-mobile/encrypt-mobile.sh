# sh encrypt-mobile.sh KEY MOBILE
hex() { od -An -v -tx1 | tr -d ' \n'; }

key=$(printf %s "$1" | openssl base64 -d -A | hex)
iv=$(mktemp)
openssl rand -out "$iv" 16
{ cat "$iv"; printf %s "$2" | openssl enc -aes-256-cbc -K "$key" -iv "$(hex < "$iv")"; } | openssl base64 -A
rm "$iv"
