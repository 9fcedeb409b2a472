package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/oauth2"
)

func path() (string, error) {
	folder, err := os.UserConfigDir()
	return filepath.Join(folder, "pratu-go-cli", "tokens.json"), err
}

// save keeps the tokens where only their owner can read them. A product would use the keychain of the system.
func save(tokens *oauth2.Token) (string, error) {
	file, err := path()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", err
	}
	text, err := json.Marshal(tokens)
	if err != nil {
		return "", err
	}
	return file, os.WriteFile(file, text, 0o600)
}

func load() (*oauth2.Token, error) {
	file, err := path()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("not signed in")
	}
	if err != nil {
		return nil, err
	}
	var tokens oauth2.Token
	return &tokens, json.Unmarshal(text, &tokens)
}

func forget() error {
	file, err := path()
	if err != nil {
		return err
	}
	return os.Remove(file)
}
