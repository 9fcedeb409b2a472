package main

import (
	"context"
	"fmt"

	"golang.org/x/oauth2"
)

// byDevice is for machines without a browser, such as a server over SSH (RFC 8628): the person opens a page on a phone
// and compares the code.
func (c *client) byDevice(ctx context.Context) (*oauth2.Token, error) {
	codes, err := c.oauth2.DeviceAuth(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Printf("Open %s and enter %s\n", codes.VerificationURI, codes.UserCode)
	fmt.Println("Or open", codes.VerificationURIComplete)
	return c.oauth2.DeviceAccessToken(ctx, codes)
}
