package main

import (
	"context"
	"errors"

	"golang.org/x/oauth2"
)

// exchange redeems the code, and reads the person from the ID token after its signature, audience, lifetime and nonce
// were checked.
func (a *app) exchange(ctx context.Context, code string, begun signIn) (*user, error) {
	tokens, err := a.oauth2.Exchange(ctx, code, oauth2.VerifierOption(begun.verifier))
	if err != nil {
		return nil, err
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the response has no ID token")
	}
	idToken, err := a.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if idToken.Nonce != begun.nonce {
		return nil, errors.New("the ID token belongs to another sign-in")
	}
	var signedIn user
	if err := idToken.Claims(&signedIn); err != nil {
		return nil, err
	}
	return &signedIn, nil
}
