"""Signs people in with Pratu and shows who they are."""

import os
import secrets
from urllib.parse import urlencode

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, redirect, render_template, session, url_for

ISSUER = os.environ.get("ISSUER", "http://localhost:3000")
CLIENT_ID = os.environ.get("CLIENT_ID", "flask")

app = Flask(__name__)
# signs the session cookies; without SESSION_SECRET every restart signs people out
app.secret_key = os.environ.get("SESSION_SECRET") or secrets.token_bytes(32)

oauth = OAuth(app)
oauth.register(
    "pratu",
    client_id=CLIENT_ID,
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={
        "scope": "openid profile email phone",
        "code_challenge_method": "S256",
    },
)


@app.get("/")
def home():
    return render_template("home.html", user=session.get("user"))


@app.get("/sign-in")
def sign_in():
    return oauth.pratu.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    try:
        token = oauth.pratu.authorize_access_token()
    except OAuthError as error:
        return render_template("failed.html", error=error), 400
    claims = token["userinfo"]
    # an account may have a mobile number and no e-mail address: `sub` identifies it
    session["user"] = {
        "sub": claims["sub"],
        "name": claims.get("name"),
        "email": claims.get("email"),
        "mobile": claims.get("phone_number"),
    }
    return redirect(url_for("home"))


@app.post("/sign-out")
def sign_out():
    session.clear()
    metadata = oauth.pratu.load_server_metadata()
    back = url_for("home", _external=True)
    query = urlencode({"client_id": CLIENT_ID, "post_logout_redirect_uri": back})
    return redirect(f"{metadata['end_session_endpoint']}?{query}", 303)


if __name__ == "__main__":
    app.run(host="localhost", port=int(os.environ.get("PORT", "8080")))
