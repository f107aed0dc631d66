# The function of the second walkthrough, for Python 3, in words of our own: it makes the calls that the published one
# makes, in its order, and trips over what that one would trip over. Nothing here is as one would write it today.

import json
import os
import re

import boto3

REGION = os.environ['aws_region']
PATTERN = os.environ['cname']
ZONE = os.environ['zone_id']
GROUP = os.environ['cluster']
WANTED = ['CacheNodeReplaceComplete', 'TestFailoverApiCalled', 'FailoverComplete', 'CacheClusterProvisioningComplete']


def session_for(role=None):
    if not role:
        return boto3.Session()
    lent = boto3.client('sts').assume_role(RoleArn=role, RoleSessionName='names')['Credentials']
    return boto3.Session(
        aws_access_key_id=lent['AccessKeyId'],
        aws_secret_access_key=lent['SecretAccessKey'],
        aws_session_token=lent['SessionToken'],
    )


def nodes_of(group, session):
    nodes = {}
    for found in session.client('elasticache', region_name=REGION).describe_replication_groups()['ReplicationGroups']:
        if found['ReplicationGroupId'] == group:
            for shard in found['NodeGroups']:
                for member in shard['NodeGroupMembers']:
                    nodes[member['CacheClusterId']] = {
                        'role': member['CurrentRole'],
                        'address': member['ReadEndpoint']['Address'],
                    }
    return nodes


def write_names(nodes, session):
    route53 = session.client('route53')
    domain = route53.get_hosted_zone(Id=ZONE)['HostedZone']['Name']
    # The domain ends with a dot, and so must the pattern.
    if not re.match(r'[a-zA-Z\d-]{,63}(\.[a-zA-Z\d-]{1,63})*\.' + domain, PATTERN):
        return 'Error: {} is not within {}'.format(PATTERN, domain)
    answers, number = {}, 1
    for node in nodes.keys():
        if nodes[node]['role'] == 'replica':
            first, *rest = PATTERN.split('.')
            name = '.'.join([first + str(number), *rest])
            record = {'Name': name, 'Type': 'CNAME', 'TTL': 10, 'ResourceRecords': [{'Value': nodes[node]['address']}]}
            changes = {'Changes': [{'Action': 'UPSERT', 'ResourceRecordSet': record}]}
            answers[node] = route53.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch=changes)
            number += 1
    return answers


def lambda_handler(event, context):
    message = json.loads(event['Records'][0]['Sns']['Message'])
    told = list(message.keys())[0]
    if told.split(':')[1] not in WANTED:
        print('{} is nothing to this function'.format(told))
        return
    session = session_for(os.environ.get('role'))
    nodes = nodes_of(GROUP, session)
    if message[told] not in list(nodes.keys()):
        print('{} is no node of {}'.format(message[told], GROUP))
        return
    written = write_names(nodes, session)
    if isinstance(written, str):
        print(written)
        return
    for node, answer in written.items():
        print('{}: {}'.format(node, answer['ChangeInfo']['Status']))
