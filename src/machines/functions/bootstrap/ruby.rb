# The client of the Runtime API in a Ruby function's process: loads the handler, then fetches one invocation after the
# other.

require 'json'
require 'net/http'

HOST, PORT = ENV['AWS_LAMBDA_RUNTIME_API'].split(':')
PREFIX = '/2018-06-01/runtime/'
ERROR_TYPE = 'application/vnd.aws.lambda.error+json'

$stdout.sync = true
$stderr.sync = true

class Context
  attr_reader :aws_request_id, :invoked_function_arn, :deadline_ms, :client_context

  def initialize(response)
    @aws_request_id = response['lambda-runtime-aws-request-id']
    @invoked_function_arn = response['lambda-runtime-invoked-function-arn']
    @deadline_ms = response['lambda-runtime-deadline-ms'].to_i
    document = response['lambda-runtime-client-context']
    @client_context = document && JSON.parse(document)
  end

  def get_remaining_time_in_millis
    [@deadline_ms - (Time.now.to_f * 1000).to_i, 0].max
  end

  def function_name = ENV['AWS_LAMBDA_FUNCTION_NAME']
  def function_version = ENV['AWS_LAMBDA_FUNCTION_VERSION']
  def memory_limit_in_mb = ENV['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
  def log_group_name = ENV['AWS_LAMBDA_LOG_GROUP_NAME']
  def log_stream_name = ENV['AWS_LAMBDA_LOG_STREAM_NAME']
end

# Frames of this file are left out.
def failure(error, phase)
  trace = (error.backtrace || []).reject { |line| line.start_with?(__FILE__) }
  { errorMessage: error.message, errorType: "#{phase}<#{error.class}>", stackTrace: trace }
end

# An entry stays one line: its line breaks become carriage returns.
def log(message, error)
  puts message
  puts JSON.pretty_generate(error).tr("\n", "\r")
end

# Loads the file of the handler. AWS: its class and method are looked up by each invocation.
def load_handler
  file, *names = ENV['_HANDLER'].split('.')
  raise ArgumentError, "Invalid handler #{ENV['_HANDLER']}, must be of form FILENAME.METHOD" if names.empty?

  require File.join(ENV['LAMBDA_TASK_ROOT'], file)
  method = names.pop
  main = Object.new
  lambda do |event, context|
    owner = names.empty? ? main : Object.const_get(names.join('::'))
    owner.__send__(method, event: event, context: context)
  end
end

client = Net::HTTP.new(HOST, PORT.to_i)
# The next invocation may take any time.
client.read_timeout = nil
client.start

begin
  handler = load_handler
rescue Exception => e # AWS: also of those that programs do not rescue, such as LoadError and SystemExit
  error = failure(e, 'Init')
  # AWS: the place of the handler's name in this text stays empty.
  log('Init error when loading handler ', error)
  client.post("#{PREFIX}init/error", JSON.generate(error), 'content-type' => ERROR_TYPE)
  exit!(1)
end

loop do
  response = client.get("#{PREFIX}invocation/next")
  context = Context.new(response)
  path = "#{PREFIX}invocation/#{context.aws_request_id}"
  begin
    result = JSON.generate(handler.call(JSON.parse(response.body), context))
    client.post("#{path}/response", result, 'content-type' => 'application/json')
  rescue Exception => e
    # AWS: these end the environment. NameError includes NoMethodError.
    is_critical = e.is_a?(NameError) || !e.is_a?(StandardError)
    error = failure(e, 'Function')
    log(is_critical ? 'Critical exception from handler' : 'Error raised from handler method', error)
    client.post("#{path}/error", JSON.generate(error), 'content-type' => ERROR_TYPE)
    exit!(1) if is_critical
  end
end
