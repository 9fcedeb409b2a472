package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
)

// whoami asks the userinfo endpoint. An expired access token is renewed with the refresh token first.
func (c *client) whoami(ctx context.Context) error {
	saved, err := load()
	if err != nil {
		return err
	}
	tokens, err := c.oauth2.TokenSource(ctx, saved).Token()
	if err != nil {
		return err
	}
	// a public client gets a new refresh token with each renewal, and the former one ends
	if tokens.AccessToken != saved.AccessToken {
		if _, err := save(tokens); err != nil {
			return err
		}
	}
	info, err := c.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return err
	}
	var person struct {
		Name   string `json:"name"`
		Mobile string `json:"phone_number"`
	}
	if err := info.Claims(&person); err != nil {
		return err
	}
	// an account may have a mobile number and no e-mail address
	fmt.Println("Signed in as", cmp.Or(person.Name, info.Email, person.Mobile, info.Subject))
	fmt.Println("E-mail:", cmp.Or(info.Email, "none"))
	return nil
}

// signOut revokes the refresh token, and with it the access tokens (RFC 7009).
func (c *client) signOut(ctx context.Context) error {
	saved, err := load()
	if err != nil {
		return err
	}
	var discovered struct {
		URL string `json:"revocation_endpoint"`
	}
	if err := c.provider.Claims(&discovered); err != nil {
		return err
	}
	form := url.Values{"client_id": {c.oauth2.ClientID}, "token": {cmp.Or(saved.RefreshToken, saved.AccessToken)}}
	response, err := http.PostForm(discovered.URL, form)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the tokens were not revoked: %s", response.Status)
	}
	fmt.Println("Signed out")
	return forget()
}
