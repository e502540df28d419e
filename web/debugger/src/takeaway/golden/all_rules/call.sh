curl --header "Authorization: Bearer $TOKEN" \
  https://api.example
