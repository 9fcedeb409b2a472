package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

type answer struct {
	code string
	err  error
}

// byLoopback receives the code on a free port of this machine (RFC 8252, section 7.3). The redirect URI is registered
// without a port: http://127.0.0.1/callback.
func (c *client) byLoopback(ctx context.Context) (*oauth2.Token, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	config := c.oauth2
	config.RedirectURL = fmt.Sprintf("http://%s/callback", listener.Addr())
	state, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()

	answers := make(chan answer, 1)
	server := &http.Server{Handler: callback(state, answers)}
	go server.Serve(listener)
	defer shutDown(server)

	fmt.Println("Open this address in your browser:")
	fmt.Println(config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)))
	select {
	case received := <-answers:
		if received.err != nil {
			return nil, received.err
		}
		return config.Exchange(ctx, received.code, oauth2.VerifierOption(verifier))
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// shutDown lets the browser have its page before the program ends.
func shutDown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	server.Shutdown(ctx)
}

// callback takes the first answer to our own request. Other requests to the port are refused.
func callback(state string, answers chan<- answer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("state") != state {
			http.Error(w, "This is not the sign-in that the program began.", http.StatusBadRequest)
			return
		}
		received := answer{code: r.FormValue("code")}
		if refused := r.FormValue("error"); refused != "" {
			received.err = errors.New(refused + ": " + r.FormValue("error_description"))
		}
		fmt.Fprintln(w, "Return to the terminal. You can close this page.")
		select {
		case answers <- received:
		default: // the page was reloaded
		}
	})
	return mux
}
