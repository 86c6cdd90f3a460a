// Reads a declarative Jenkinsfile from stdin by Groovy itself, of the version that Jenkins has, and
// prints its blocks as JSON: { "name", "arguments", "body" }, with the values as Groovy has them.
import groovy.json.JsonOutput
import org.codehaus.groovy.control.CompilerConfiguration

class Block {
    final List entries = []

    Object invokeMethod(String name, Object given) {
        List values = given as List
        Closure body = values && values.last() instanceof Closure ? values.pop() : null
        Map entry = [name: name, arguments: values.collect { it instanceof Map ? new LinkedHashMap(it) : it }]
        // A step that is an argument, as in [usernamePassword(...)], is no entry beside it.
        values.flatten().each { value -> entries.removeAll { it.is(value) } }
        if (body != null) entry.body = bodyOf(body)
        entries << entry
        return entry
    }

    // A word alone, as in `agent any`.
    Object getProperty(String name) {
        return name == 'entries' ? this.@entries : name
    }

    // An assignment, as in `environment`.
    void setProperty(String name, Object value) {
        entries << [name: name, value: value]
    }

    static List bodyOf(Closure body) {
        Block block = new Block()
        body.delegate = block
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body.call()
        return block.entries
    }
}

abstract class PipelineScript extends Script {
    final Block block = new Block()

    Object invokeMethod(String name, Object given) {
        return block.invokeMethod(name, given)
    }
}

CompilerConfiguration configuration = new CompilerConfiguration()
configuration.scriptBaseClass = PipelineScript.name
Script script = new GroovyShell(this.class.classLoader, new Binding(), configuration).parse(System.in.newReader('UTF-8'), 'Jenkinsfile')
script.run()
println JsonOutput.toJson(script.block.entries)
