{{- /* Settings of a service by name, without ONEWINDOW_. Takes root and name. Files are named, never their content. */ -}}
{{- define "onewindow.settings" -}}
{{- $values := .root.Values -}}
ENVIRONMENT: production
DISTRICT: {{ $values.office.district | quote }}
LOG_LEVEL: {{ $values.office.logLevel }}
REFLECTION: {{ $values.office.reflection | quote }}
{{- with $values.office.traces }}
OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
RPC_ADDRESS: "[::]:50051"
HEALTH_ADDRESS: "[::]:50052"
METRICS_ADDRESS: "{{ include "onewindow.anyAddress" .root }}:9464"
DRAIN_SECONDS: {{ $values.shutdown.drainSeconds | quote }}
GRACE_SECONDS: {{ $values.shutdown.graceSeconds | quote }}
TLS_CERTIFICATE_FILE: /etc/onewindow/tls/tls.crt
TLS_KEY_FILE: /etc/onewindow/tls/tls.key
TLS_CLIENT_AUTHORITY_FILE: /etc/onewindow/{{ empty $values.tls.clientAuthority.secret | ternary "tls" "client-authority" }}/ca.crt
TOKEN_ISSUER: {{ $values.tokens.issuer | quote }}
TOKEN_AUDIENCE: {{ $values.tokens.audience | quote }}
{{- if $values.tokens.jwksSecret }}
JWKS_FILE: /etc/onewindow/jwks/jwks.json
{{- else }}
JWKS_URL: {{ $values.tokens.jwksUrl | quote }}
{{- end }}
{{- if $values.tokens.machinesSecret }}
MACHINES_FILE: /etc/onewindow/machines/machines.json
{{- end }}
DATABASE_NAME: {{ .name }}
DATABASE_CREDENTIALS_DIR: /etc/onewindow/database
DATABASE_POOL: {{ $values.database.pool | quote }}
{{ include "onewindow.databaseSettings" . }}
{{ include "onewindow.natsSettings" . }}
{{- include "onewindow.ownSettings" . }}
{{- end -}}

{{- define "onewindow.ownSettings" -}}
{{- $values := .root.Values -}}
{{- if ne .name "metrics" }}
VAULT_KEY_FILE: /etc/onewindow/vault/vault.json
{{- end }}
{{- if has .name (list "intake" "notify" "metrics") }}
QUERY_CODE_PEPPER_FILE: /etc/onewindow/query-code/pepper
{{- end }}
{{- if has .name (list "intake" "notify") }}
OBJECTS_URL: {{ index $values.objects .name | quote }}
{{- if hasPrefix "s3://" (index $values.objects .name) }}
OBJECTS_CREDENTIALS_FILE: /etc/onewindow/objects/credentials.json
{{- end }}
{{- end }}
{{- if eq .name "intake" }}
SEAL_PUBLIC_KEY_FILE: /etc/onewindow/seal/public.pem
READ_PASS_PUBLIC_KEY_FILE: /etc/onewindow/read-pass/public.pem
{{- else if eq .name "approval" }}
READ_PASS_PRIVATE_KEY_FILE: /etc/onewindow/read-pass/private.pem
{{- include "onewindow.districtSettings" . }}
{{- else if eq .name "notify" }}
SEAL_PRIVATE_KEY_FILE: /etc/onewindow/seal/private.pem
SMS_URL: {{ $values.sms.url | quote }}
{{- with $values.office.streets }}
OFFICES: {{ toJson . | quote }}
{{- end }}
{{- else }}
KPI_ADDRESS: "{{ include "onewindow.anyAddress" .root }}:9465"
{{- end }}
{{- end -}}

{{- define "onewindow.districtSettings" -}}
{{- with .root.Values.district }}
{{- if .target }}
DISTRICT_TARGET: {{ .target | quote }}
DISTRICT_SYSTEM: {{ .system | quote }}
{{- if .mutualTls }}
DISTRICT_AUTHORITY_FILE: /etc/onewindow/district/ca.crt
DISTRICT_CERTIFICATE_FILE: /etc/onewindow/district/tls.crt
DISTRICT_KEY_FILE: /etc/onewindow/district/tls.key
{{- end }}
{{- if .token }}
DISTRICT_TOKEN_FILE: /etc/onewindow/district/token
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "onewindow.databaseSettings" -}}
{{- with .root.Values.database -}}
DATABASE_HOST: {{ .host | quote }}
DATABASE_PORT: {{ .port | quote }}
DATABASE_TLS: {{ .tls }}
{{- if hasPrefix "verify" .tls }}
DATABASE_AUTHORITY_FILE: /etc/onewindow/database-authority/ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{- define "onewindow.natsSettings" -}}
{{- with .root.Values.nats -}}
NATS_URL: {{ .url | quote }}
NATS_CREDENTIALS_DIR: /etc/onewindow/nats
{{- if .authority.secret }}
NATS_AUTHORITY_FILE: /etc/onewindow/nats-authority/ca.crt
{{- end }}
{{- if .certificatePrefix }}
NATS_CERTIFICATE_FILE: /etc/onewindow/nats-certificate/tls.crt
NATS_KEY_FILE: /etc/onewindow/nats-certificate/tls.key
{{- end }}
{{- end }}
{{- end -}}

{{- /* Prometheus may come by IPv6 only where it is asked for: a kernel may lack it. */ -}}
{{- define "onewindow.anyAddress" -}}
{{- has "IPv6" .Values.network.ipFamilies | ternary "[::]" "0.0.0.0" -}}
{{- end -}}
