//go:build tools

// Package tools pins the version of the plugin. Nothing compiles this file.
package tools

import _ "github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main"
