TOKEN_SECRET="b64url:$TOKEN_SECRET" jeton verify "$TOKEN" \
  --secret-env TOKEN_SECRET \
  --alg HS256 \
  --iss=https://issuer.example \
  --iss=https://other.example \
  --typ=JWT \
  --typ=application/notes+jwt \
  --require='exp,sub' \
  --policy policy.toml
