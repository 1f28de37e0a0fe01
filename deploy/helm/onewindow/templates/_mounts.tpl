{{- /*
The Secrets that a workload needs, each mounted at /etc/onewindow/<name> with no more than the named keys
(key: file). Whole folders, never subPath, so that a changed Secret arrives in a running pod.
Takes root and name (a service, migrate, streams or test).
*/ -}}
{{- define "onewindow.mounts" -}}
{{- $values := .root.Values -}}
{{- $service := has .name (include "onewindow.services" . | fromJsonArray) -}}
{{- if $service }}
- name: database
  secret: "{{ $values.database.secretPrefix }}-{{ .name }}"
  files: {rpc.username: rpc.username, rpc.password: rpc.password, worker.username: worker.username, worker.password: worker.password}
{{- end }}
{{- if eq .name "migrate" }}
- name: owners
  secret: "{{ $values.database.ownersSecret }}"
  files:
    {{- range include "onewindow.services" . | fromJsonArray }}
    {{ . }}.username: {{ . }}/owner.username
    {{ . }}.password: {{ . }}/owner.password
    {{- end }}
{{- end }}
{{- if and (or $service (eq .name "migrate")) (hasPrefix "verify" $values.database.tls) }}
- name: database-authority
  secret: "{{ $values.database.authority.secret }}"
  files: { {{- $values.database.authority.key }}: ca.crt}
{{- end }}
{{- if or $service (eq .name "streams") }}
- name: nats
  secret: {{ eq .name "streams" | ternary $values.nats.adminSecret (printf "%s-%s" $values.nats.secretPrefix .name) | quote }}
  files: {{ eq $values.nats.login "nkey" | ternary "{nkey.seed: nkey.seed}" "{username: username, password: password}" }}
{{- with $values.nats.authority }}{{ if .secret }}
- name: nats-authority
  secret: "{{ .secret }}"
  files: { {{- .key }}: ca.crt}
{{- end }}{{ end }}
{{- with $values.nats.certificatePrefix }}
- name: nats-certificate
  secret: "{{ . }}-{{ $.name }}"
  files: {tls.crt: tls.crt, tls.key: tls.key}
{{- end }}
{{- end }}
{{- if or $service (eq .name "test") }}
{{- $own := and (not $values.tls.clientAuthority.secret) $service }}
- name: tls
  secret: "{{ $values.tls.secretPrefix }}-{{ .name }}-tls"
  files: {tls.crt: tls.crt, tls.key: tls.key{{ if or $own (eq .name "test") }}, ca.crt: ca.crt{{ end }}}
{{- if and $service (not $own) }}
- name: client-authority
  secret: "{{ $values.tls.clientAuthority.secret }}"
  files: { {{- $values.tls.clientAuthority.key }}: ca.crt}
{{- end }}
{{- end }}
{{- if $service }}
{{- include "onewindow.serviceMounts" . }}
{{- end }}
{{- if and $service $values.trust.secret }}
- name: trust
  secret: "{{ $values.trust.secret }}"
  files: { {{- $values.trust.key }}: ca.crt}
{{- end }}
{{- end -}}

{{- define "onewindow.serviceMounts" -}}
{{- $values := .root.Values -}}
{{- with $values.tokens.jwksSecret }}
- name: jwks
  secret: "{{ . }}"
  files: {jwks.json: jwks.json}
{{- end }}
{{- with $values.tokens.machinesSecret }}
- name: machines
  secret: "{{ . }}"
  files: {machines.json: machines.json}
{{- end }}
{{- if ne .name "metrics" }}
- name: vault
  secret: "{{ $values.keys.vaultPrefix }}-{{ .name }}"
  files: {vault.json: vault.json}
{{- end }}
{{- if has .name (list "intake" "notify" "metrics") }}
- name: query-code
  secret: "{{ $values.keys.queryCode }}"
  files: {pepper: pepper}
{{- end }}
{{- if has .name (list "intake" "notify") }}
- name: seal
  secret: "{{ $values.keys.seal }}"
  files: {{ eq .name "intake" | ternary "{public.pem: public.pem}" "{private.pem: private.pem}" }}
{{- if hasPrefix "s3://" (index $values.objects .name) }}
- name: objects
  secret: "{{ $values.objects.secret }}"
  files: {credentials.json: credentials.json}
{{- end }}
{{- end }}
{{- if has .name (list "intake" "approval") }}
- name: read-pass
  secret: "{{ $values.keys.readPass }}"
  files: {{ eq .name "intake" | ternary "{public.pem: public.pem}" "{private.pem: private.pem}" }}
{{- end }}
{{- with $values.district }}
{{- if and (eq $.name "approval") .target (or .mutualTls .token) }}
- name: district
  secret: "{{ .secret }}"
  files:
    {{- if .mutualTls }}
    ca.crt: ca.crt
    tls.crt: tls.crt
    tls.key: tls.key
    {{- end }}
    {{- if .token }}
    token: token
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Whether a workload keeps its objects on the claim. */ -}}
{{- define "onewindow.onClaim" -}}
{{- if has .name (list "intake" "notify") }}{{ if hasPrefix "file://" (index .root.Values.objects .name) }}yes{{ end }}{{ end -}}
{{- end -}}

{{- define "onewindow.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: {{ .tmpSize }}}
{{- range include "onewindow.mounts" . | fromYamlArray }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret | quote }}
    defaultMode: 0440
    items:
      {{- range $key, $file := .files }}
      - {key: {{ $key | quote }}, path: {{ $file }}}
      {{- end }}
{{- end }}
{{- if include "onewindow.onClaim" . }}
- name: store
  persistentVolumeClaim: {claimName: {{ .root.Values.objects.claim | quote }}}
{{- end }}
{{- end -}}

{{- define "onewindow.volumeMounts" -}}
- {name: tmp, mountPath: /tmp}
{{- range include "onewindow.mounts" . | fromYamlArray }}
- {name: {{ .name }}, mountPath: /etc/onewindow/{{ .name }}, readOnly: true}
{{- end }}
{{- if include "onewindow.onClaim" . }}
- {name: store, mountPath: /var/lib/onewindow/objects}
{{- end }}
{{- end -}}
