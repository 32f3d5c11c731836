package org.vitrine.monitor.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * What a command is called, takes and gives. The table of these is the one source for QMP's
 * dispatch and checks, for {@code query-commands}, for the terminal's help and completion, and for
 * the documentation.
 *
 * @param arguments the arguments by name; {@link ObjectType#EMPTY} for none
 * @param result what is returned; {@link ObjectType#EMPTY} when there is nothing to tell
 * @param help what it does, one line without a full stop, in the imperative
 * @param since the first version that has it, or QEMU's when it is one of QEMU's
 * @param allowOob whether it may overtake others ("exec-oob"): it must return at once and wait for
 *     nothing
 * @param roles who may run it; for others it does not exist
 * @param frontendArguments what a frontend gives beside the arguments
 * @param human how the interactive monitor says it; may be empty
 */
public record Command(
        String name,
        ObjectType arguments,
        QapiType result,
        String help,
        String since,
        boolean allowOob,
        Set<Role> roles,
        List<Member> frontendArguments,
        List<HumanForm> human) {

    public Command {
        roles = Set.copyOf(roles);
        frontendArguments = List.copyOf(frontendArguments);
        human = List.copyOf(human);
    }

    /** The arguments that a client of this role gives. */
    ObjectType arguments(Role role) {
        if (role != Role.FRONTEND || frontendArguments.isEmpty()) {
            return arguments;
        }
        List<Member> members = new ArrayList<>(arguments.members());
        members.addAll(frontendArguments);
        return new ObjectType(arguments.qapiName(), members, arguments.tag(), arguments.variants());
    }

    /** Begins a command of the family that QEMU has too. */
    public static Builder qemu(String name, String help) {
        return new Builder(name, help, "QEMU");
    }

    /** Begins a command that only Vitrine has. */
    public static Builder own(String name, String help) {
        return new Builder(name, help, "0.1");
    }

    /** Collects what there is to say of a command. */
    public static final class Builder {

        private final String name;
        private final String help;
        private final String since;
        private final List<Member> arguments = new ArrayList<>();
        private final List<HumanForm> human = new ArrayList<>();
        private QapiType result = ObjectType.EMPTY;
        private boolean allowOob;
        private Set<Role> roles = Role.MONITORS;
        private final List<Member> frontendArguments = new ArrayList<>();
        private String tag;
        private final Map<String, ObjectType> variants = new LinkedHashMap<>();

        private Builder(String name, String help, String since) {
            this.name = name;
            this.help = help;
            this.since = since;
        }

        /** An argument that must be given. */
        public Builder takes(String argument, QapiType type, String argumentHelp) {
            arguments.add(Member.required(argument, type, argumentHelp));
            return this;
        }

        /** An argument that may be left out. */
        public Builder mayTake(String argument, QapiType type, String argumentHelp) {
            arguments.add(Member.optional(argument, type, argumentHelp));
            return this;
        }

        public Builder returns(QapiType type) {
            result = type;
            return this;
        }

        /**
         * The members that there are for one value of an argument that was declared before. Once
         * for each value; values that are not named have no further members.
         */
        public Builder variant(String argument, String value, Member... members) {
            tag = argument;
            variants.put(value, ObjectType.of(name + "-arg-" + value, members));
            return this;
        }

        /** It may overtake other commands. */
        public Builder outOfBand() {
            allowOob = true;
            return this;
        }

        /** Frontends may run it too. */
        public Builder forEveryone() {
            roles = Role.EVERYONE;
            return this;
        }

        /** Frontends alone may run it. */
        public Builder forFrontends() {
            roles = Role.FRONTENDS;
            return this;
        }

        /** An argument that a frontend must give, and nobody else may. */
        public Builder frontendTakes(String argument, QapiType type, String argumentHelp) {
            frontendArguments.add(Member.required(argument, type, argumentHelp));
            return this;
        }

        /** One way in which people say it. */
        public Builder says(HumanForm form) {
            human.add(form.of(name));
            return this;
        }

        public Command build() {
            ObjectType type =
                    arguments.isEmpty()
                            ? ObjectType.EMPTY
                            : new ObjectType(name + "-arg", arguments, tag, variants);
            return new Command(
                    name, type, result, help, since, allowOob, roles, frontendArguments, human);
        }
    }
}
