// A command-line program that signs a person in with Pratu, in a browser on this machine or on another device.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const usage = `Usage: go run . login [-device] | whoami | logout`

// A native client: it has no secret, because a program that people install cannot keep one.
type client struct {
	provider *oidc.Provider
	oauth2   oauth2.Config
}

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	device := flags.Bool("device", false, "sign in with a browser on another device")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	c, err := discover(ctx)
	if err != nil {
		return err
	}
	switch {
	case args[0] == "login" && *device:
		return c.signIn(ctx, c.byDevice)
	case args[0] == "login":
		return c.signIn(ctx, c.byLoopback)
	case args[0] == "whoami":
		return c.whoami(ctx)
	case args[0] == "logout":
		return c.signOut(ctx)
	}
	return errors.New(usage)
}

func discover(ctx context.Context) (*client, error) {
	provider, err := oidc.NewProvider(ctx, cmp.Or(os.Getenv("ISSUER"), "http://localhost:3000"))
	if err != nil {
		return nil, err
	}
	return &client{provider, oauth2.Config{
		ClientID: cmp.Or(os.Getenv("CLIENT_ID"), "go-cli"),
		Endpoint: provider.Endpoint(),
		Scopes:   []string{oidc.ScopeOpenID, "profile", "email", "phone", oidc.ScopeOfflineAccess},
	}}, nil
}

// signIn gets tokens in one of two ways, saves them and tells for whom they are.
func (c *client) signIn(ctx context.Context, way func(context.Context) (*oauth2.Token, error)) error {
	tokens, err := way(ctx)
	if err != nil {
		return err
	}
	path, err := save(tokens)
	if err != nil {
		return err
	}
	fmt.Println("Tokens saved in", path)
	return c.whoami(ctx)
}
