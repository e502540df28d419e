// go get github.com/golang-jwt/jwt/v5
package tokens

import (
	"encoding/base64"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// Verify gives the claims of a token that may be accepted.
func Verify(token string) (jwt.MapClaims, error) {
	key, err := readKey()
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims,
		func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{"HS256"}),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
	)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"sub"} {
		if _, present := claims[name]; !present {
			return nil, errors.New("a required claim is missing")
		}
	}
	issuer, err := claims.GetIssuer()
	if err != nil || !slices.Contains([]string{"https://issuer.example", "https://other.example"}, issuer) {
		return nil, errors.New("unexpected issuer")
	}
	_, present := parsed.Header["typ"]
	kind, _ := parsed.Header["typ"].(string)
	kind = strings.TrimPrefix(strings.ToLower(kind), "application/")
	if present && !slices.Contains([]string{"jwt", "notes+jwt"}, kind) {
		return nil, errors.New("unexpected typ")
	}
	return claims, nil
}

func readKey() (any, error) {
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(os.Getenv("TOKEN_SECRET"), "="))
	if err != nil {
		return nil, err
	}
	if len(secret) < 32 {
		return nil, errors.New("TOKEN_SECRET is missing or too short")
	}
	return secret, nil
}
