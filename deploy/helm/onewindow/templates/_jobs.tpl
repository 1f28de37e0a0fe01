{{- /* What must be there before a Job that is a hook: a hook too, gone when all hooks are done. */ -}}
{{- define "onewindow.beforeJobs" -}}
{{- if eq .Values.jobs.mode "hook" -}}
annotations:
  helm.sh/hook: pre-install,pre-upgrade
  helm.sh/hook-weight: "-10"
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
{{- end -}}

{{- /* A Job. Takes root, name, arguments, env, weight. Named Jobs have a new name for every change: Jobs are immutable. */ -}}
{{- define "onewindow.job" -}}
{{- $jobs := .root.Values.jobs -}}
{{- $hook := eq $jobs.mode "hook" -}}
{{- $of := merge (dict "component" .name "resources" $jobs.resources) . -}}
{{- $pod := include "onewindow.errandPod" $of -}}
{{- $spec := list $pod $jobs.deadlineSeconds $jobs.backoffLimit .root.Chart.Version | toJson | sha256sum | trunc 10 -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: onewindow-{{ .name }}{{ if not $hook }}-{{ $spec }}{{ end }}
  labels:
    {{- include "onewindow.labels" $of | nindent 4 }}
  {{- if or $hook $jobs.annotations }}
  annotations:
    {{- with $jobs.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if $hook }}
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: {{ .weight | quote }}
    helm.sh/hook-delete-policy: before-hook-creation
    # Why it failed stands in the output of a helm that knows this; an older one passes over it.
    helm.sh/hook-output-log-policy: hook-failed
    {{- end }}
  {{- end }}
spec:
  backoffLimit: {{ $jobs.backoffLimit }}
  activeDeadlineSeconds: {{ $jobs.deadlineSeconds }}
  {{- if $hook }}
  ttlSecondsAfterFinished: {{ $jobs.keepSeconds }}
  {{- end }}
  template:
    metadata:
      labels:
        {{- include "onewindow.selector" $of | nindent 8 }}
    spec:
      serviceAccountName: onewindow-{{ .name }}
      {{- $pod | nindent 6 }}
{{- end -}}
