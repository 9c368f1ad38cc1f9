# bash completion for nesgate(1). Commands and options are asked of the program, so that this file cannot drift.
_nesgate()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i

	case $before in
	-c|--config|--rules|--anchors|--crls) COMPREPLY=( $(compgen -f -- "$word") ); return ;;
	--by|--note|--at|--authserv|--days|--people|--seed|--rate) return ;;
	esac
	for (( i = 1; i < COMP_CWORD; i++ )); do
		case ${COMP_WORDS[i]} in
		-c|--config) (( i++ )) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	if [[ $word == -* ]]; then
		COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" $command --help 2>/dev/null | grep -o -- '--[a-z_-]*')" -- "$word") )
	elif [[ -z $command ]]; then
		COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  \([a-z]\+\)  *[A-Z].*/\1/p')" -- "$word") )
	else
		COMPREPLY=( $(compgen -f -- "$word") )
	fi
}
complete -o filenames -F _nesgate nesgate
