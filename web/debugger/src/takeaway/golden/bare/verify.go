// go get github.com/golang-jwt/jwt/v5
package tokens

import (
	"os"

	"github.com/golang-jwt/jwt/v5"
)

// Verify gives the claims of a token that may be accepted.
func Verify(token string) (jwt.MapClaims, error) {
	key, err := readKey()
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, claims,
		func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{"ES256"}),
		jwt.WithStrictDecoding(),
	)
	if err != nil {
		return nil, err
	}
	return claims, nil
}

func readKey() (any, error) {
	pem, err := os.ReadFile("public.pem")
	if err != nil {
		return nil, err
	}
	return jwt.ParseECPublicKeyFromPEM(pem)
}
