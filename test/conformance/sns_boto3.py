# What boto3 sees of SNS, as JSON on stdout.
import json
import sys

import boto3
from botocore.exceptions import ClientError

sns = boto3.client("sns", endpoint_url=sys.argv[1], region_name="us-east-1")
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:boto"


def error_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return {
            "class": type(error).__name__ if type(error) is not ClientError else error.response["Error"]["Code"],
            "code": error.response["Error"]["Code"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
        }


topic = sns.create_topic(Name="boto", Tags=[{"Key": "a", "Value": "1"}])["TopicArn"]
subscription = sns.subscribe(
    TopicArn=topic,
    Protocol="lambda",
    Endpoint=FUNCTION,
    Attributes={"FilterPolicy": json.dumps({"kind": ["x"]})},
)["SubscriptionArn"]
kind = lambda value: {"kind": {"DataType": "String", "StringValue": value}}
sns.publish(TopicArn=topic, Message="boto unwanted", MessageAttributes=kind("y"))
sns.publish(TopicArn=topic, Message="boto wanted", MessageAttributes=kind("x"))
batch = sns.publish_batch(
    TopicArn=topic,
    PublishBatchRequestEntries=[{"Id": "1", "Message": "a"}, {"Id": "2", "Message": "b", "Subject": "\n"}],
)
attributes = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
topics = [one["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for one in page["Topics"]]
seen = {
    "topics": [arn.split(":")[-1] for arn in topics if arn == topic],
    "attributes": {name: attributes[name] for name in ("FilterPolicy", "FilterPolicyScope")},
    "batch": {name: [one["Id"] for one in batch[name]] for name in ("Successful", "Failed")},
    "missing": error_of(sns.publish, TopicArn=topic + "x", Message="m"),
    "bad": error_of(
        sns.publish, TopicArn=topic, Message="m", MessageAttributes={"a": {"DataType": "Date", "StringValue": "x"}}
    ),
    "subscriptions": len(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]),
}
print(json.dumps(seen))
