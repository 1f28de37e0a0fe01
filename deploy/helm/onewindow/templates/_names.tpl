{{- /* The services, in the order of the business. */ -}}
{{- define "onewindow.services" -}}
["intake", "approval", "notify", "metrics"]
{{- end -}}

{{- /* Labels of an object. Takes root and component. */ -}}
{{- define "onewindow.labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: onewindow
{{ include "onewindow.selector" . }}
{{- end -}}

{{- /* Labels that select pods: never changed after the first release, for selectors are immutable. */ -}}
{{- define "onewindow.selector" -}}
app.kubernetes.io/name: onewindow
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "onewindow.image" -}}
{{- $image := .Values.image -}}
{{- $registry := default $image.registry .Values.global.imageRegistry | trimSuffix "/" -}}
{{- $name := printf "%s/%s" $registry $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{- /* What holds for one service: services.all, and its own section over it. Takes root and name. */ -}}
{{- define "onewindow.service" -}}
{{- mustMergeOverwrite (deepCopy .root.Values.services.all) (index .root.Values.services .name | default dict | deepCopy) | toYaml -}}
{{- end -}}

{{- /* Replicas that there are at least. Takes a service's section. */ -}}
{{- define "onewindow.leastReplicas" -}}
{{- eq .autoscaling.kind "none" | ternary .replicas .autoscaling.minReplicas -}}
{{- end -}}

{{- /* The port of a URL or HOST:PORT. Takes address and default. */ -}}
{{- define "onewindow.port" -}}
{{- $host := .address | replace "://" "//" | splitList "//" | last | splitList "/" | first -}}
{{- regexMatch ":[0-9]+$" $host | ternary (splitList ":" $host | last) (toString .default) -}}
{{- end -}}

{{- define "onewindow.webPort" -}}
{{- include "onewindow.port" (dict "address" . "default" (hasPrefix "https" . | ternary 443 80)) -}}
{{- end -}}

{{- /* Whether something conditional is there. Takes root, create (auto, always, never …) and api. */ -}}
{{- define "onewindow.wanted" -}}
{{- if or (has .create (list "always" "operator")) (and (eq .create "auto") (.root.Capabilities.APIVersions.Has .api)) -}}
yes
{{- end -}}
{{- end -}}

{{- define "onewindow.families" -}}
{{- with .Values.network.ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with .Values.network.ipFamilies }}
ipFamilies: {{ toJson . }}
{{- end }}
{{- end -}}
