module millpond/go-rpc-function

go 1.18

require (
	github.com/aws/aws-lambda-go v1.13.3
	github.com/aws/aws-sdk-go v1.34.0
)

require github.com/jmespath/go-jmespath v0.3.0 // indirect
