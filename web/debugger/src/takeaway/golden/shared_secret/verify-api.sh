jq -n '{token: $ENV.TOKEN, key: {secret: $ENV.TOKEN_SECRET, encoding: "base64url"}, policy: {"algorithms":["HS256"],"issuer":["https://issuer.example","https://other.example"],"type":["JWT","application/notes+jwt"],"type_optional":true,"required":["exp","sub"]}}' \
  | curl --json @- http://127.0.0.1:7519/api/tokens/verify
