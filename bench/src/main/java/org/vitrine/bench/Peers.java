package org.vitrine.bench;

import java.io.IOException;

/** Programs that are measured beside ours. */
final class Peers {

    private Peers() {}

    /** Whether this program is installed; says so when it is not. */
    static boolean present(String program) throws InterruptedException {
        return present(program, "--version");
    }

    /** The same of one that is asked otherwise. */
    static boolean present(String program, String question) throws InterruptedException {
        try {
            return new ProcessBuilder(program, question)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            System.out.println(program + " is not installed: nothing to compare with");
            return false;
        }
    }
}
