package main

import (
	"crypto/rand"
	"net/http"
	"sync"
)

// store has one value for each browser, found by a random cookie. It lives in memory and never expires: use a shared
// store with expiry in production.
type store[T any] struct{ values sync.Map }

func (s *store[T]) put(w http.ResponseWriter, cookie string, value T) {
	id := rand.Text()
	s.values.Store(id, value)
	setCookie(w, cookie, id, 0)
}

func (s *store[T]) get(r *http.Request, cookie string) (T, bool) {
	var none T
	sent, err := r.Cookie(cookie)
	if err != nil {
		return none, false
	}
	found, ok := s.values.Load(sent.Value)
	if !ok {
		return none, false
	}
	return found.(T), true
}

// take returns the value once.
func (s *store[T]) take(w http.ResponseWriter, r *http.Request, cookie string) (T, bool) {
	var none T
	sent, err := r.Cookie(cookie)
	if err != nil {
		return none, false
	}
	setCookie(w, cookie, "", -1)
	found, ok := s.values.LoadAndDelete(sent.Value)
	if !ok {
		return none, false
	}
	return found.(T), true
}

// With https, set Secure as well.
func setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
