jeton verify "$TOKEN" \
  --key public.pem \
  --alg ES256
