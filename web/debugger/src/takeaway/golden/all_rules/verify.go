// go get github.com/golang-jwt/jwt/v5
package tokens

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
-----END PUBLIC KEY-----`

// Verify gives the claims of a token that may be accepted.
func Verify(token string) (jwt.MapClaims, error) {
	key, err := readKey()
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims,
		func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{"ES256"}),
		jwt.WithIssuer("https://issuer.example/a'b\"c\\d\n$x`{y}\u202e\U000e0001 é 字"),
		jwt.WithAudience("https://api.example", "it's"),
		jwt.WithSubject("ada \"the\" countess"),
		jwt.WithExpirationRequired(),
		jwt.WithLeeway(30*time.Second),
		jwt.WithStrictDecoding(),
	)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"client_id", "iat"} {
		if _, present := claims[name]; !present {
			return nil, errors.New("a required claim is missing")
		}
	}
	kind, _ := parsed.Header["typ"].(string)
	kind = strings.TrimPrefix(strings.ToLower(kind), "application/")
	if !slices.Contains([]string{"at+jwt"}, kind) {
		return nil, errors.New("unexpected typ")
	}
	issued, err := claims.GetIssuedAt()
	if err != nil || issued == nil || time.Since(issued.Time) > 3630*time.Second {
		return nil, errors.New("issued too long ago")
	}
	return claims, nil
}

func readKey() (any, error) {
	return jwt.ParseECPublicKeyFromPEM([]byte(publicKey))
}
