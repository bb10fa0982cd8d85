//! The command line.

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Score(springboard::cli::score::Args),
    Rank(springboard::cli::rank::Args),
}

fn main() -> std::process::ExitCode {
    let done = match Cli::parse().command {
        Command::Score(args) => springboard::cli::score::run(args),
        Command::Rank(args) => springboard::cli::rank::run(args),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("springboard: {error}");
            std::process::ExitCode::from(error.exit_code())
        }
    }
}
