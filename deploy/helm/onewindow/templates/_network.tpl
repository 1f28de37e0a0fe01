{{- /* Who may reach a workload. Takes root and name. */ -}}
{{- define "onewindow.ingress" -}}
{{- $peers := .root.Values.networkPolicy.peers -}}
{{- if has .name (include "onewindow.services" . | fromJsonArray) }}
{{- $callers := $peers.clients }}
{{- if has .name (list "intake" "approval") }}
{{- $callers = concat $callers $peers.districtCallers }}
{{- end }}
{{- if $callers }}
- from:
    {{- toYaml $callers | nindent 4 }}
  ports:
    - {protocol: TCP, port: rpc}
{{- end }}
{{- with $peers.prometheus }}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - {protocol: TCP, port: metrics}
    {{- if eq $.name "metrics" }}
    - {protocol: TCP, port: kpi}
    {{- end }}
{{- end }}
{{- if .root.Values.test.enabled }}
- from:
    - podSelector:
        matchLabels:
          {{- include "onewindow.selector" (dict "root" .root "component" "test") | nindent 10 }}
  ports:
    - {protocol: TCP, port: rpc}
    - {protocol: TCP, port: health}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Whom a workload may reach. Takes root and name. */ -}}
{{- define "onewindow.egress" -}}
{{- $values := .root.Values -}}
{{- range include "onewindow.flows" . | fromJsonArray }}
{{- $flow := . }}
- to:
    {{- toYaml (index $values.networkPolicy.peers $flow.peers) | nindent 4 }}
  ports:
    {{- range $flow.ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- if eq $flow.peers "dns" }}
    - {protocol: UDP, port: {{ . }}}
    {{- end }}
    {{- end }}
{{- end }}
{{- if eq .name "test" }}
- to:
    - podSelector:
        matchLabels:
          {{- include "onewindow.selector" (dict "root" .root) | nindent 10 }}
        matchExpressions:
          - {key: app.kubernetes.io/component, operator: In, values: {{ include "onewindow.services" . }}}
  ports:
    - {protocol: TCP, port: 50051}
    - {protocol: TCP, port: 50052}
{{- end }}
{{- end -}}

{{- /* The flows that a workload begins: the key in networkPolicy.peers, and the ports. */ -}}
{{- define "onewindow.flows" -}}
{{- $values := .root.Values -}}
{{- $service := has .name (include "onewindow.services" . | fromJsonArray) -}}
{{- $flows := list (dict "peers" "dns" "ports" $values.networkPolicy.dnsPorts) -}}
{{- if or $service (eq .name "migrate") -}}
{{- $flows = append $flows (dict "peers" "database" "ports" (list $values.database.port)) -}}
{{- end -}}
{{- if or $service (eq .name "streams") -}}
{{- $flows = append $flows (dict "peers" "nats" "ports" (list (include "onewindow.port" (dict "address" $values.nats.url "default" 4222) | int))) -}}
{{- end -}}
{{- if and $service $values.office.traces -}}
{{- $flows = append $flows (dict "peers" "traces" "ports" (list (include "onewindow.port" (dict "address" $values.office.traces "default" 4317) | int))) -}}
{{- end -}}
{{- if and $service $values.tokens.jwksUrl -}}
{{- $flows = append $flows (dict "peers" "singleSignOn" "ports" (list (include "onewindow.webPort" $values.tokens.jwksUrl | int))) -}}
{{- end -}}
{{- if has .name (list "intake" "notify") -}}
{{- if hasPrefix "s3://" (index $values.objects .name) -}}
{{- $flows = append $flows (dict "peers" "objects" "ports" (list $values.networkPolicy.objectsPort)) -}}
{{- end -}}
{{- end -}}
{{- if and (eq .name "approval") $values.district.target -}}
{{- $flows = append $flows (dict "peers" "district" "ports" (list (include "onewindow.port" (dict "address" $values.district.target "default" 443) | int))) -}}
{{- end -}}
{{- if eq .name "notify" -}}
{{- $flows = append $flows (dict "peers" "sms" "ports" (list (include "onewindow.webPort" $values.sms.url | int))) -}}
{{- end -}}
{{- toJson $flows -}}
{{- end -}}
