//go:build tools

// Package oci pins the version of the distribution specification's conformance suite. Nothing compiles this file.
package oci

import _ "github.com/opencontainers/distribution-spec/conformance"
