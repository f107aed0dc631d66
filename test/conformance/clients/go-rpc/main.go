// A function of 2019: aws-lambda-go before it knew the Runtime API, and the AWS SDK for Go 1. The event says what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

type event struct {
	Do    string `json:"do"`
	Table string `json:"table"`
	ID    string `json:"id"`
}

type fieldError struct{ field string }

func (e *fieldError) Error() string { return "no " + e.field }

var calls int

func handle(ctx context.Context, in event) (interface{}, error) {
	calls++
	switch in.Do {
	case "put":
		client := dynamodb.New(session.Must(session.NewSession()))
		_, err := client.PutItemWithContext(ctx, &dynamodb.PutItemInput{
			TableName: aws.String(in.Table),
			Item:      map[string]*dynamodb.AttributeValue{"id": {S: aws.String(in.ID)}},
		})
		return in.ID, err
	case "context":
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return map[string]interface{}{
			"requestId": lc.AwsRequestID,
			"arn":       lc.InvokedFunctionArn,
			"left":      time.Until(deadline).Seconds(),
			"trace":     ctx.Value("x-amzn-trace-id"),
			"client":    lc.ClientContext.Custom,
			"name":      lambdacontext.FunctionName,
			"calls":     calls,
		}, nil
	case "log":
		fmt.Println("said by the function")
		return nil, nil
	case "fail":
		return nil, errors.New("it failed")
	case "fail by type":
		return nil, &fieldError{"name"}
	case "panic":
		panic("out of order")
	case "exit":
		os.Exit(3)
	case "sleep":
		time.Sleep(time.Minute)
	case "much":
		return strings.Repeat("x", 7*1024*1024), nil
	}
	return in, nil
}

func main() { lambda.Start(handle) }
