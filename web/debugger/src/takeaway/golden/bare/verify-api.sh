jq -n --rawfile key public.pem '{token: $ENV.TOKEN, key: {text: $key}, policy: {"algorithms":["ES256"]}}' \
  | curl --json @- http://127.0.0.1:7519/api/tokens/verify
