{{- define "reeltag.fullname" -}}
{{- if contains "reeltag" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-reeltag" .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* What pods are selected by; never changes in the life of a release. Takes (root, service). */}}
{{- define "reeltag.selector" -}}
app.kubernetes.io/name: reeltag
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end -}}

{{- define "reeltag.labels" -}}
{{ include "reeltag.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "reeltag.secretName" -}}
{{ .Values.secret.existingSecret | default (include "reeltag.fullname" .) }}
{{- end -}}

{{/* Takes (root, service values). */}}
{{- define "reeltag.image" -}}
{{- $own := .values.image | default dict -}}
{{- $tag := $own.tag | default .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{ $own.repository | default .root.Values.image.repository }}:{{ $tag }}
{{- end -}}

{{/* Seconds that a process may take to stop; the longest job fits into the three quarters that work has. Takes (root, values). */}}
{{- define "reeltag.stopTimeout" -}}
{{- $decode := div (add (int .root.Values.config.DECODE_TIMEOUT_MS) 999) 1000 -}}
{{- $longestJob := add $decode .root.Values.shutdown.leaseSeconds -}}
{{- $needed := div (add (mul $longestJob 4) 2) 3 -}}
{{- max (int (.values.stopTimeoutSeconds | default .root.Values.shutdown.stopTimeoutSeconds)) $needed -}}
{{- end -}}

{{- define "reeltag.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "reeltag.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Takes (root, keys, optional). */}}
{{- define "reeltag.secretEnv" -}}
{{- range .keys }}
- name: {{ . }}
  valueFrom:
    secretKeyRef: { name: {{ include "reeltag.secretName" $.root }}, key: {{ . }}{{ if $.optional }}, optional: true{{ end }} }
{{- end }}
{{- end -}}

{{/* Where browsers reach the gateway; empty: where each request did. */}}
{{- define "reeltag.publicUrl" -}}
{{- if .Values.config.PUBLIC_URL }}{{ .Values.config.PUBLIC_URL }}{{ else if and .Values.ingress.enabled .Values.ingress.tlsSecret }}https://{{ .Values.ingress.host }}{{ end -}}
{{- end -}}

{{/* Which hosts the gateway answers for. */}}
{{- define "reeltag.hosts" -}}
{{- $name := printf "%s-gateway" (include "reeltag.fullname" .) -}}
{{- $hosts := list $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) -}}
{{- if .Values.ingress.enabled }}{{ $hosts = append $hosts .Values.ingress.host }}{{ end -}}
{{- with .Values.config.HOSTS_ALLOWED }}{{ $hosts = append $hosts . }}{{ end -}}
{{ join "," $hosts }}
{{- end -}}
