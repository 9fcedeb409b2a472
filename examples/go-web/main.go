// Signs people in with Pratu and shows who they are.
package main

import (
	"cmp"
	"context"
	"embed"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

//go:embed templates/*.html
var templates embed.FS

var views = template.Must(template.ParseFS(templates, "templates/*.html"))

// What the sign-in tells about a person. An account may have a mobile number and no e-mail address: Subject
// identifies it.
type user struct {
	Subject string `json:"sub"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Mobile  string `json:"phone_number"`
}

type app struct {
	oauth2    oauth2.Config
	verifier  *oidc.IDTokenVerifier
	logoutURL string
	homeURL   string
	signIns   store[signIn]
	sessions  store[user]
}

// A sign-in that has begun in one browser.
type signIn struct{ state, nonce, verifier string }

func main() {
	port := cmp.Or(os.Getenv("PORT"), "8080")
	home := "http://localhost:" + port + "/"
	provider, err := oidc.NewProvider(context.Background(), cmp.Or(os.Getenv("ISSUER"), "http://localhost:3000"))
	if err != nil {
		log.Fatal(err)
	}
	var discovered struct {
		LogoutURL string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&discovered); err != nil {
		log.Fatal(err)
	}
	a := &app{
		oauth2: oauth2.Config{
			ClientID:     cmp.Or(os.Getenv("CLIENT_ID"), "go-web"),
			ClientSecret: os.Getenv("CLIENT_SECRET"),
			Endpoint:     provider.Endpoint(),
			RedirectURL:  home + "callback",
			Scopes:       []string{oidc.ScopeOpenID, "profile", "email", "phone"},
		},
		logoutURL: discovered.LogoutURL,
		homeURL:   home,
	}
	a.verifier = provider.Verifier(&oidc.Config{ClientID: a.oauth2.ClientID})

	http.HandleFunc("GET /{$}", a.home)
	http.HandleFunc("GET /sign-in", a.signIn)
	http.HandleFunc("GET /callback", a.callback)
	http.HandleFunc("POST /sign-out", a.signOut)
	log.Print("listening on ", home)
	log.Fatal(http.ListenAndServe("localhost:"+port, nil))
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	view := struct{ User *user }{}
	if found, ok := a.sessions.get(r, "session"); ok {
		view.User = &found
	}
	render(w, http.StatusOK, "home.html", view)
}

func (a *app) signIn(w http.ResponseWriter, r *http.Request) {
	begun := signIn{state: oauth2.GenerateVerifier(), nonce: oauth2.GenerateVerifier(), verifier: oauth2.GenerateVerifier()}
	a.signIns.put(w, "sign-in", begun)
	challenge := oauth2.S256ChallengeOption(begun.verifier)
	http.Redirect(w, r, a.oauth2.AuthCodeURL(begun.state, oidc.Nonce(begun.nonce), challenge), http.StatusFound)
}

func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	begun, ok := a.signIns.take(w, r, "sign-in")
	if !ok || r.FormValue("state") != begun.state {
		fail(w, "This sign-in did not begin in this browser.")
		return
	}
	if code := r.FormValue("error"); code != "" {
		fail(w, code+": "+r.FormValue("error_description"))
		return
	}
	signedIn, err := a.exchange(r.Context(), r.FormValue("code"), begun)
	if err != nil {
		log.Print("sign-in failed: ", err)
		fail(w, "The code could not be exchanged. See the log.")
		return
	}
	a.sessions.put(w, "session", *signedIn)
	http.Redirect(w, r, "/", http.StatusFound)
}

func (a *app) signOut(w http.ResponseWriter, r *http.Request) {
	a.sessions.take(w, r, "session")
	query := url.Values{"client_id": {a.oauth2.ClientID}, "post_logout_redirect_uri": {a.homeURL}}
	http.Redirect(w, r, a.logoutURL+"?"+query.Encode(), http.StatusSeeOther)
}

func fail(w http.ResponseWriter, reason string) {
	render(w, http.StatusBadRequest, "failed.html", reason)
}

func render(w http.ResponseWriter, status int, page string, view any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := views.ExecuteTemplate(w, page, view); err != nil {
		log.Print(err)
	}
}
