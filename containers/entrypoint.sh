#!/bin/sh
# Secrets come as files, named by variables that end in _FILE, and are in nobody's `docker inspect`: each becomes the
# variable that Prefect or Wavecast reads. Then the command takes this process's place, and gets its signals.
set -eu
for name in PREFECT_SERVER_DATABASE_PASSWORD PREFECT_SERVER_API_AUTH_STRING PREFECT_API_AUTH_STRING WAVECAST_TOKEN \
  WAVECAST_SMTP_PASSWORD WAVECAST_NOTIFY_URL PGPASSWORD AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; do
  eval "file=\${${name}_FILE:-}"
  [ -n "$file" ] || continue
  if ! value=$(cat "$file" 2>/dev/null) || [ -z "$value" ]; then
    echo "wavecast: ${name}_FILE: user $(id -u) cannot read $file, or it is empty: make it readable (chmod 644)" >&2
    exit 2
  fi
  export "$name=$value"
  unset "${name}_FILE"
done
exec "$@"
