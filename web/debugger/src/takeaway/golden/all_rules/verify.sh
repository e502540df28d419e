jeton verify "$TOKEN" \
  --key - \
  --alg ES256 \
  --iss=$'https://issuer.example/a\x27b"c\x5cd\x0a$x`{y}\xe2\x80\xae\xf3\xa0\x80\x81 é 字' \
  --aud=https://api.example \
  --aud='it'\''s' \
  --sub='ada "the" countess' \
  --typ=at+jwt \
  --require='exp,client_id' \
  --leeway 30s \
  --max-age 3600s <<'KEY'
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
-----END PUBLIC KEY-----
KEY
