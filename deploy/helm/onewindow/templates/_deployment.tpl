{{- /* Where pods may run. Takes root, service (its section) and selector. */ -}}
{{- define "onewindow.scheduling" -}}
{{- with .service.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .service.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .service.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .service.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .service.runtimeClassName }}
runtimeClassName: {{ . | quote }}
{{- end }}
{{- if .service.userNamespaces }}
hostUsers: false
{{- end }}
topologySpreadConstraints:
  {{- range $key, $how := dict "kubernetes.io/hostname" .service.spread.host "topology.kubernetes.io/zone" .service.spread.zone }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: {{ $how }}
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- $.selector | nindent 8 }}
  {{- end }}
{{- end -}}

{{- /*
Startup and liveness ask for the heartbeat, so that a database that is away restarts nobody; readiness asks whether
the service has its database, its schema and its streams, and says in the pod's events what is missing.
*/ -}}
{{- define "onewindow.probes" -}}
startupProbe:
  grpc: {port: 50052, service: live}
  periodSeconds: 2
  timeoutSeconds: {{ .timeoutSeconds }}
  failureThreshold: {{ div .startupSeconds 2 | max 1 }}
livenessProbe:
  grpc: {port: 50052, service: live}
  periodSeconds: {{ .livenessSeconds }}
  timeoutSeconds: {{ .timeoutSeconds }}
  failureThreshold: 3
readinessProbe:
  grpc: {port: 50052, service: ready}
  periodSeconds: {{ .readinessSeconds }}
  timeoutSeconds: {{ .timeoutSeconds }}
  failureThreshold: 2
{{- end -}}

{{- /* A pause in which endpoints forget the pod. Kubernetes can sleep by itself from 1.30 on; the image has no shell. */ -}}
{{- define "onewindow.preStop" -}}
{{- $seconds := .Values.shutdown.preStopSeconds -}}
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version -}}
sleep: {seconds: {{ $seconds }}}
{{- else -}}
exec: {command: ["/opt/onewindow/bin/python", "-c", "import time; time.sleep({{ $seconds }})"]}
{{- end }}
{{- end -}}

{{- /* Settings of a service, and those that values add for all and for it. */ -}}
{{- define "onewindow.allSettings" -}}
{{- $added := include "onewindow.addedSettings" . | fromYaml -}}
{{- merge (include "onewindow.settings" . | fromYaml) $added | toYaml -}}
{{- end -}}

{{- define "onewindow.addedSettings" -}}
{{- $service := include "onewindow.service" . | fromYaml -}}
{{- merge (deepCopy $service.settings) .root.Values.office.settings | toYaml -}}
{{- end -}}
